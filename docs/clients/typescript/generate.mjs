// Types of what ../operations.graphql asks, made by GraphQL Code Generator from ../../../schema.graphql.
// Its command line does the same with 250 packages more, of which this program needs none.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';

const read = (path) => readFileSync(resolve(import.meta.dirname, path), 'utf8');

const content = await codegen({
  filename: 'src/graph.ts',
  schema: parse(read(process.env.SCHEMA ?? '../../../schema.graphql')),
  documents: [{ location: 'operations.graphql', document: parse(read(process.env.OPERATIONS ?? '../operations.graphql')) }],
  config: {
    documentMode: 'string',
    scalars: { DateTime: 'string', FieldId: 'string', JSON: 'unknown', UUID: 'string', UnixTime: 'number | string' },
    strictScalars: true,
    useTypeImports: true,
  },
  plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
  pluginMap: { typescriptOperations, typedDocumentNode },
});
writeFileSync(resolve(import.meta.dirname, 'src/graph.ts'), `// Made by 'npm run generate'. Do not edit.\n${content}`);
