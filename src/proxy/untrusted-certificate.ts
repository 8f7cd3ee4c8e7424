/** Node's codes for a certificate whose issuer it doesn't know, as that of a proxy that inspects TLS. */
const unknownIssuer: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

export const CERTIFICATE_ADVICE =
  "If a proxy or firewall inspects TLS, start the app with NODE_EXTRA_CA_CERTS set to the file with your company's CA certificate. npm start doesn't find it in .env.";

/** Returns the code if an error, however deep, is that a certificate's issuer isn't known. */
export function unknownIssuerIn(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && unknownIssuer.has(cause.code)) return cause.code;
  }
  return undefined;
}
