// The page's GraphQL operations: each with the fragments it spreads, as one text, and the id that the gateway knows it by.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, concatAST, parse, print, separateOperations } from 'graphql';

const FOLDER = join(import.meta.dirname, 'src', 'operations');

/** All of them in one document. */
export const document = concatAST(
  readdirSync(FOLDER)
    .sort()
    .map((file) => parse(readFileSync(join(FOLDER, file), 'utf8'))),
);

/** By name: the text that is executed. */
export const texts = Object.fromEntries(
  Object.entries(separateOperations(document)).map(([name, separated]) => [name, `${print(separated)}\n`]),
);

/** By name: what it does and its id, the digest of its text. */
export const operations = document.definitions
  .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  .map(({ name: { value: name }, operation: kind }) => {
    return { name, kind, id: `sha256:${createHash('sha256').update(texts[name]).digest('hex')}` };
  });
