// Types of the page's operations, made by GraphQL Code Generator from ../schema.graphql, and the id of each.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { document, operations } from './operations.mjs';
import { schemaOfThePage } from './schema.mjs';

const types = await codegen({
  filename: 'src/graph.ts',
  schema: schemaOfThePage(),
  documents: [{ location: 'operations', document }],
  config: {
    scalars: { DateTime: 'string', FieldId: 'string', JSON: 'unknown', UUID: 'string', UnixTime: 'number' },
    strictScalars: true,
    useTypeImports: true,
  },
  plugins: [{ typescriptOperations: {} }],
  pluginMap: { typescriptOperations },
});

const suffix = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
const ids = operations.map(({ name, kind, id }) => {
  const type = `${name}${suffix[kind]}`;
  return `export const ${name}: Operation<${type}, ${type}Variables> = { id: '${id}' };\n`;
});

const header = `// Made by 'npm run generate'. Do not edit.
import type { Operation } from './operation';
`;
writeFileSync(join(import.meta.dirname, 'src', 'graph.ts'), `${header}${types}\n${ids.join('')}`);
