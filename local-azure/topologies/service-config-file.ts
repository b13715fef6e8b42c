// The action's configuration for topology upgrade-domains, as the example company wrote it.
import { SERVICE_GROUP } from './contoso-service.ts';

/** The YAML: what the action calls the service. Its targets and roles join it as the action learns to read them. */
export function renderServiceConfig(): string {
  return `version: 1\napplication: ${SERVICE_GROUP}\n`;
}
