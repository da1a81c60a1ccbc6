// Hive Gateway with its sharing of equal requests in flight switched off; the rest is default.
export const gatewayConfig = {
  transportEntries: { "*": { options: { deduplicateInflightRequests: false } } },
};
