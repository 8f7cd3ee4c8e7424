import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator, type Definition, type Schema } from 'ts-json-schema-generator';

type Definitions = Readonly<Record<string, Definition>>;

/** Generates the content of `slack-types.json` from the installed `@slack/types`. */
export function generateSlackTypes(): { readonly definitions: Definitions } {
  // Inside the project, so that @slack/types is found.
  const folder = mkdtempSync(join(process.cwd(), 'node_modules', '.slack-types-'));
  try {
    const path = join(folder, 'types.ts');
    writeFileSync(
      path,
      "import type { HomeView, KnownBlock, ModalView } from '@slack/types';\nexport type Drawable = KnownBlock | ModalView | HomeView;\n",
    );
    const schema = createGenerator({
      path,
      type: 'Drawable',
      skipTypeCheck: true,
      jsDoc: 'none',
    }).createSchema('Drawable');
    const definitions = schema.definitions as Definitions;
    // AnyBlock admits blocks of any type; an app has no others than the known.
    const known: Definitions = { ...definitions, AnyBlock: { $ref: '#/definitions/KnownBlock' } };
    return {
      definitions: Object.fromEntries(
        Object.entries(known).map(([name, each]) => [name, readable(each, known)]),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A union told apart by `type` says so: then an error is about the one meant, not about all the others too. */
function readable(schema: Definition, known: Definitions): Definition {
  if (Array.isArray(schema)) return schema.map((each) => readable(each, known)) as Definition;
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, readable(value as Definition, known)]),
  ) as Schema;
  const variantsOf = typeOf(schema, known);
  if (schema.anyOf !== undefined && variantsOf !== undefined) {
    return { type: 'object', properties: { type: { const: variantsOf } }, required: ['type'], ...inside };
  }
  const members = schema.anyOf?.flatMap((each) => leaves(each as Schema, known)) ?? [];
  if (members.length === 0 || members.some((each) => typeOf(each, known) === undefined)) return inside;
  return {
    type: 'object',
    discriminator: { propertyName: 'type' },
    required: ['type'],
    oneOf: members,
  } as Schema;
}

/** The members of a union of unions, down to what has one type. */
function leaves(schema: Schema, known: Definitions): readonly Schema[] {
  const meant = resolve(schema, known);
  if (meant.anyOf === undefined || typeOf(meant, known) !== undefined) return [schema];
  return meant.anyOf.flatMap((each) => leaves(each as Schema, known));
}

/** The `type` of an object, or of all the variants of one. */
function typeOf(schema: Schema, known: Definitions): string | undefined {
  const { properties, anyOf } = resolve(schema, known);
  const type = properties?.type;
  if (typeof type === 'object') return typeof type.const === 'string' ? type.const : undefined;
  const types = new Set(anyOf?.map((each) => typeOf(each as Schema, known)));
  return types.size === 1 ? [...types][0] : undefined;
}

function resolve(schema: Schema, known: Definitions): Schema {
  const name = schema.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : resolve(known[decodeURIComponent(name)] as Schema, known);
}
