// The schema as the page sees it: a tool is what every tool has, whichever tools the catalogue lists today.
// Without this each type of an operation would be a union of all tools, and a new tool would change the page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, visit } from 'graphql';

const FILE = process.env.SCHEMA ?? join(import.meta.dirname, '..', 'schema.graphql');
const FIELDS = [Kind.OBJECT_TYPE_DEFINITION, Kind.INPUT_OBJECT_TYPE_DEFINITION];

const named = (type) => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));
const isTool = ({ interfaces }) => interfaces?.some(({ name }) => name.value === 'Tool');

/** The schema without the types of single tools, and without what is left empty when their fields are gone. */
export function schemaOfThePage() {
  let schema = parse(readFileSync(FILE, 'utf8'));
  let gone = new Set(schema.definitions.filter(isTool).map(({ name }) => name.value));
  while (gone.size) {
    schema = visit(schema, {
      FieldDefinition: (field) => (gone.has(named(field.type)) ? null : undefined),
      ObjectTypeDefinition: (type) => (gone.has(type.name.value) ? null : undefined),
      UnionTypeDefinition: (union) => ({ ...union, types: union.types.filter(({ name }) => !gone.has(name.value)) }),
      InterfaceTypeDefinition: (type) =>
        type.name.value === 'Tool' ? { ...type, kind: Kind.OBJECT_TYPE_DEFINITION } : undefined,
    });
    const empty = ({ kind, fields }) => FIELDS.includes(kind) && !fields.length;
    gone = new Set(schema.definitions.filter(empty).map(({ name }) => name.value));
  }
  return schema;
}
