// For a request before which nothing has to be asked.
import type { BeforeSending } from '../../src/azure/ports.ts';

export const UNASKED: BeforeSending = async () => {};
