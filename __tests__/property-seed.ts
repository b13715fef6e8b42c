// Property tests draw their cases from one seed, so that what fails on one machine fails on all of them.
import fc from 'fast-check';

const SEED = 20_261_121;

fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? SEED) });
