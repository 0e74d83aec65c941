/** The certificate that the gateway's ports show: where it comes from, when it changes, and when a person has to act. */
import { join } from 'node:path';
import type { Alerts } from '../base/alerts.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import { type CertificateFacts, factsOf } from '../base/http/tls/facts.ts';
import { GivenCertificate } from '../base/http/tls/given-certificate.ts';
import { checkTime, type GivenFiles, namesMissing, readGiven } from '../base/http/tls/given-files.ts';
import type { TlsIdentity } from '../base/http/tls/identity.ts';
import { OwnCertificate } from '../base/http/tls/own-certificate.ts';
import { serverNames } from '../base/http/tls/server-names.ts';
import type { CertificateSource } from '../base/http/tls/source.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { deriveKey, type Key } from '../base/secrets/sealing.ts';
import { Days, Minutes } from '../base/units.ts';
import type { GatewayConfig } from '../config/schema.ts';

export interface ServerCertificateOptions {
  readonly gateway: GatewayConfig;
  /** The name under which discovery makes the gateway known. */
  readonly announced: string;
  readonly gatewayKey: Key;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly alerts: Alerts;
}

/** Between two looks at files, names and dates. */
const INTERVAL = Minutes(1);
/** Before its end; certbot renews at 30 days, the gateway its own at 60. */
const ALERTED_BEFORE = Days(14);
/** A certificate and its key are two files: between one and the other being replaced they do not fit. */
const FAILURES_UNTIL_ALERT = 2;

/** What a socket of systemd is taken to listen on: it may be changed without us. */
const EVERY_ADDRESS = ['0.0.0.0', '::'];

/** In the state directory: the gateway's own certificate and its key. */
export const TLS_IDENTITY = 'tls-identity';

const NOT_TAKEN = 'certificate not-taken';
const VALIDITY = 'certificate validity';

export class ServerCertificate {
  /** Whether it was made here, or given by the administrator. */
  readonly origin: 'own' | 'given';
  readonly #options: ServerCertificateOptions;
  readonly #source: CertificateSource;
  #onChange: (identity: TlsIdentity) => void = () => {};
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #failures = 0;
  #facts: CertificateFacts;

  private constructor(options: ServerCertificateOptions, source: CertificateSource) {
    this.origin = givenFiles(options.gateway) === undefined ? 'own' : 'given';
    this.#options = options;
    this.#source = source;
    this.#facts = factsOf(source.identity.certificate);
    options.metrics.gauge(
      'tls_certificate_expiry_seconds',
      'Until the certificate of the gateway ends; below 0 when it has',
      () => (this.#facts.notAfter - options.clock.now()) / 1000,
    );
  }

  /** @throws Failure `tls-…`, what is wrong with the certificate */
  static async open(options: ServerCertificateOptions): Promise<ServerCertificate> {
    const { gateway, announced, gatewayKey, clock } = options;
    const files = givenFiles(gateway);
    const source =
      files === undefined
        ? await OwnCertificate.open({
            files: nodeFiles,
            path: join(gateway.stateDirectory, TLS_IDENTITY),
            sealingKey: deriveKey(gatewayKey, 'tls identity'),
            clock,
            names: () => certifiedNames(gateway, announced),
          })
        : await GivenCertificate.open(files, clock);
    const certificate = new ServerCertificate(options, source);
    certificate.#tell();
    return certificate;
  }

  get identity(): TlsIdentity {
    return this.#source.identity;
  }

  get facts(): CertificateFacts {
    return this.#facts;
  }

  /** Looks every minute. @param onChange is told each new one */
  start(onChange: (identity: TlsIdentity) => void): void {
    this.#onChange = onChange;
    this.#next();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#onChange = () => {};
  }

  /** Looks at once whether there is another one; resolves when it is shown. What goes wrong is logged. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { log, alerts } = this.#options;
    try {
      const changed = await this.#source.renew();
      this.#failures = 0;
      alerts.clear(NOT_TAKEN);
      if (changed) {
        this.#facts = factsOf(this.identity.certificate);
        this.#onChange(this.identity);
        this.#tell();
      }
    } catch (error) {
      const reason = messageOf(error);
      log.warn('certificate not taken; the one before stays', { reason });
      this.#failures++;
      if (this.#failures >= FAILURES_UNTIL_ALERT) {
        const message = `A new certificate cannot be taken: ${reason}`;
        alerts.raise({ kind: 'application', key: NOT_TAKEN, message });
      }
    }
    this.#watchValidity();
  }

  #tell(): void {
    const { log, gateway } = this.#options;
    const { fingerprint, names, notAfter } = this.#facts;
    log.info('certificate', {
      origin: this.origin,
      fingerprint,
      names,
      'not-after': new Date(notAfter).toISOString(),
    });
    for (const warning of certificateWarnings(gateway, this.identity)) log.warn('certificate', { warning });
    this.#watchValidity();
  }

  #watchValidity(): void {
    const { alerts, clock } = this.#options;
    const { notBefore, notAfter } = this.#facts;
    const now = clock.now();
    const day = (time: number) => new Date(time).toISOString().slice(0, 10);
    let message: string | undefined;
    if (now >= notAfter) message = `The certificate has expired on ${day(notAfter)}`;
    else if (now >= notAfter - ALERTED_BEFORE) message = `The certificate expires on ${day(notAfter)}`;
    else if (now < notBefore)
      message = `The certificate is valid from ${day(notBefore)} on, and the clock says ${day(now)}`;
    if (message === undefined) alerts.clear(VALIDITY);
    else alerts.raise({ kind: 'application', key: VALIDITY, message });
  }

  #next(): void {
    this.#timer = this.#options.clock.after(INTERVAL, () => {
      this.#next();
      void this.look();
    });
  }
}

/** Names and addresses under which clients reach the gateway. */
function certifiedNames({ hostNames, ipp, web }: GatewayConfig, announced: string): string[] {
  const listening = [ipp, web].flatMap(({ listen }) =>
    listen === 'systemd' ? EVERY_ADDRESS : listen.map(({ host }) => host),
  );
  return serverNames({ hostNames: [...hostNames, announced], listening });
}

/** The administrator's files, when the configuration names them. */
export function givenFiles({ tls: { certificate, key } }: GatewayConfig): GivenFiles | undefined {
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}

/** What is allowed of a certificate and yet hardly meant, as sentences. */
export function certificateWarnings(gateway: GatewayConfig, identity: TlsIdentity): string[] {
  const machine = serverNames({ hostNames: [], listening: [] }).filter((name) => name !== 'localhost');
  const wanted = gateway.hostNames.length > 0 ? gateway.hostNames : machine;
  const missing = namesMissing(identity, wanted);
  if (missing.length === 0) return [];
  const { names } = factsOf(identity.certificate);
  return [
    `the certificate is for ${names.join(', ') || 'no name'}, and clients reach this gateway as ${missing.join(', ')}: they will not trust it`,
  ];
}

/** What a person hears of the configured files before the gateway runs. @throws Failure */
export async function checkGivenFiles(gateway: GatewayConfig, now: number): Promise<string[]> {
  const files = givenFiles(gateway);
  if (files === undefined) return [];
  const identity = await readGiven(files);
  checkTime(files.certificate, identity, now);
  return certificateWarnings(gateway, identity);
}
