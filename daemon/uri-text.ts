/** The address of a printer as it is written. */
import type { PrinterUri } from '../config/printer-uri.ts';

export function uriText(uri: PrinterUri): string {
  switch (uri.scheme) {
    case 'file':
      return `file://${uri.path}`;
    case 'socket':
      return `socket://${place(uri)}`;
    case 'ipp':
    case 'ipps':
      return `${uri.scheme}://${place(uri)}${uri.path}`;
    case 'usb': {
      const { make, model, serialNumber, port } = uri;
      const which =
        serialNumber === undefined ? port && `?port=${port}` : `?serial=${encodeURIComponent(serialNumber)}`;
      return `usb://${encodeURIComponent(make)}/${encodeURIComponent(model)}${which ?? ''}`;
    }
    default:
      return uri satisfies never;
  }
}

const place = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
