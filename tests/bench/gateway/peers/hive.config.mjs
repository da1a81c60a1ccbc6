// Hive Gateway at its defaults.
export const gatewayConfig = {};
