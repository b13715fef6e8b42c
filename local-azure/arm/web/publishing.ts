// Publishing profiles: `az webapp show` asks for them to tell the FTP address. Nothing can be published here, so
// they hold no password.
import type { ArmCall, Route } from '../core/call.ts';
import { forBoth, requireApp } from './lookup.ts';
import type { WebRegistry } from './registry.ts';

export function publishingRoutes(registry: WebRegistry): Route[] {
  const profiles = (call: ArmCall, slot: string | null) => {
    const app = requireApp(registry, call, slot);
    const address = `ftps://${app.stamp}.ftp.azurewebsites.windows.net/site/wwwroot`;
    const profile = `<publishProfile profileName="${app.site} - FTP" publishMethod="FTP" publishUrl="${address}" ftpPassiveMode="True" userName="" userPWD="" destinationAppUrl="https://${app.defaultHostName}"><databases /></publishProfile>`;
    return {
      status: 200,
      contentType: 'application/xml',
      text: `<publishData>${profile}</publishData>`,
    };
  };
  return forBoth('POST', '/publishxml', 'publishxml/action', profiles);
}
