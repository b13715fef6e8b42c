// Imported before all else: an older Node would fail somewhere within, with a message that does not say why.

/** Node 22 is the oldest that has what the bundle uses; Node 24 is what action.yml asks for, and what is tested. */
const OLDEST = 22;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  process.stderr.write(`Node 24 is needed, this is ${process.version} (${process.execPath}).\n`);
  process.exit(1);
}
