/** Which of the ports that print clients can connect to is told to them: one that other machines reach. */
import type { ListenAddress } from '../base/http/listener.ts';

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
const isEverywhere = (address: string): boolean => address === '::' || address === '0.0.0.0';

/** The addresses that listen at the announced port; empty when none listens. */
export function announcedDoor(addresses: readonly ListenAddress[]): readonly ListenAddress[] {
  const best =
    addresses.find(({ host }) => isEverywhere(host)) ??
    addresses.find(({ host }) => !isLoopback(host)) ??
    addresses[0];
  return addresses.filter(({ port }) => port === best?.port);
}

/** Undefined when nothing listens. */
export const announcedPort = (addresses: readonly ListenAddress[]): number | undefined =>
  announcedDoor(addresses)[0]?.port;

/** Whether only this machine can connect. */
export const isForThisMachine = (addresses: readonly ListenAddress[]): boolean =>
  addresses.every(({ host }) => isLoopback(host));
