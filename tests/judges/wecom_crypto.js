// Speaks for npm's @wecom/crypto: opens what it is given on standard input, and closes a message of its own.
const { decrypt, encrypt, getSignature } = require("@wecom/crypto");

const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const closed = encrypt(told.key, told.message, told.receiver);
const opened = decrypt(told.key, told.encrypt);
const signature = getSignature(told.token, told.timestamp, told.nonce, told.encrypt);
const own = getSignature(told.token, told.timestamp, told.nonce, closed);
process.stdout.write(JSON.stringify({ opened: opened.message, id: opened.id, signature, closed, own }));
