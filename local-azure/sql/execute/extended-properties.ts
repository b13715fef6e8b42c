// Extended properties: names and values on the database, a schema, an object or a column.
import { columnNamed, qualified, sameName } from '../catalog/catalog.ts';
import type { PropertyEntry } from '../catalog/entries.ts';
import { schemaId } from '../catalog/schema-ids.ts';
import { sqlError } from '../errors.ts';
import { mayOnDatabase } from '../principals.ts';
import type { SessionEvent } from '../session.ts';
import type { Writer } from '../sessions/transaction.ts';
import { nvarchar } from '../t-sql/data-types.ts';
import { type Arguments, namedArguments } from './arguments.ts';
import type { CallArgument } from './calls.ts';
import type { Frame } from './frame.ts';

const LEVELS = ['@level0type', '@level0name', '@level1type', '@level1name', '@level2type', '@level2name'];
/** sql_variant holds 8,000 bytes; a value is nvarchar up to 7,500 bytes. */
const VALUE = nvarchar(3750);

interface Place {
  readonly class: PropertyEntry['class'];
  readonly major: number;
  readonly minor: number;
  /** As messages name it. */
  readonly label: string;
}

type Procedure = AsyncGenerator<SessionEvent, number>;

export async function* addExtendedProperty(frame: Frame, args: readonly CallArgument[]): Procedure {
  const given = namedArguments('sp_addextendedproperty', ['@name', '@value', ...LEVELS], args);
  await change(frame, given, (writer, place, name, existing) => {
    if (existing) throw sqlError(15233, name, place.label);
    const { class: level, major, minor } = place;
    writer.saveEntry({
      kind: 'property',
      id: writer.catalog.nextId(),
      name,
      value: value(given),
      class: level,
      major,
      minor,
    });
  });
  return 0;
}

export async function* updateExtendedProperty(frame: Frame, args: readonly CallArgument[]): Procedure {
  const given = namedArguments('sp_updateextendedproperty', ['@name', '@value', ...LEVELS], args);
  await change(frame, given, (writer, place, name, existing) => {
    if (!existing) throw sqlError(15217, name, place.label);
    writer.saveEntry({ ...existing, value: value(given) });
  });
  return 0;
}

export async function* dropExtendedProperty(frame: Frame, args: readonly CallArgument[]): Procedure {
  const given = namedArguments('sp_dropextendedproperty', ['@name', ...LEVELS], args);
  await change(frame, given, (writer, place, name, existing) => {
    if (!existing) throw sqlError(15217, name, place.label);
    writer.removeEntry(existing.id);
  });
  return 0;
}

function value(given: Arguments): string | null {
  const text = given.value('@value', VALUE);
  return text === null ? null : String(text);
}

async function change(
  frame: Frame,
  given: Arguments,
  work: (writer: Writer, place: Place, name: string, existing: PropertyEntry | null) => void,
): Promise<void> {
  const { session } = frame;
  const name = given.text('@name');
  if (name === null) throw sqlError(15600, 'sp_extendedproperty');
  if (!mayOnDatabase(session.catalog, session.principal, 'ALTER')) throw sqlError(15247);
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const place = placeOf(frame, writer, given);
    const existing = writer.catalog
      .properties()
      .find(
        (each) =>
          sameName(each.name, name) &&
          each.class === place.class &&
          each.major === place.major &&
          each.minor === place.minor,
      );
    work(writer, place, name, existing ?? null);
  });
}

/** Throws 15135 for what cannot have properties, or is not there. */
function placeOf({ session }: Frame, { catalog }: Writer, given: Arguments): Place {
  const [type0, name0, type1, name1, type2, name2] = LEVELS.map((level) => given.text(level));
  if (!type0) return { class: 0, major: 0, minor: 0, label: session.database.name };
  const schema = name0 ?? '';
  const schemaNumber = schemaId(catalog, schema);
  if (!sameName(type0, 'SCHEMA') || schemaNumber === null) throw sqlError(15135, schema);
  if (!type1) return { class: 3, major: schemaNumber, minor: 0, label: schema };
  const object = catalog.object({ schema, name: name1 ?? '', text: '', line: 0 });
  if (!object || !sameName(object.kind, type1)) throw sqlError(15135, `${schema}.${name1 ?? ''}`);
  if (!type2) return { class: 1, major: object.id, minor: 0, label: qualified(object) };
  const column =
    object.kind === 'table' && sameName(type2, 'COLUMN') ? columnNamed(object, name2 ?? '') : null;
  if (!column) throw sqlError(15135, `${qualified(object)}.${name2 ?? ''}`);
  return { class: 1, major: object.id, minor: column.id, label: `${qualified(object)}.${column.name}` };
}
