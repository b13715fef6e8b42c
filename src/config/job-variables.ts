// Variables of the environment that speak for the job: who has them is the job to Azure, to GitHub or to its runner. They
// are the action's own; neither a command that it starts nor a value of the configuration file gets them.

const PATTERNS: readonly RegExp[] = [
  // The right to mint the job's OIDC tokens, and the runtime's own token.
  /^ACTIONS_/i,
  // This action's inputs, its state between main and post, and the runner's files: what is written there is obeyed.
  /^INPUT_/i,
  /^STATE_(?:main|window|report)$/i,
  /^GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)$/i,
  // What Azure's SDKs sign in with by themselves.
  /^AZURE_(?:CLIENT_SECRET|CLIENT_CERTIFICATE_(?:PATH|PASSWORD)|FEDERATED_TOKEN(?:_FILE)?|PASSWORD|CREDENTIALS)$/i,
  /^(?:IDENTITY_HEADER|MSI_SECRET)$/i,
];

/** Whether who has this variable can act as the job. */
export function speaksForJob(name: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(name));
}
