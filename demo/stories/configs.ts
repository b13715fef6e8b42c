/** Of the upgrade to version 2, in the example company's repository. */
export const V2 = '.github/rolling-upgrade.yml';
/** Of the one to version 3, whose script fails. */
export const V3 = '.github/rolling-upgrade-v3.yml';
