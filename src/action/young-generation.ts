// Imported before what needs memory. Hundreds of connections that are opened at once make much garbage; V8 answers by
// making room for more of it, which it does not give back. The bundle's benchmark of growth tells what this spares.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--semi-space-growth-factor=1');
