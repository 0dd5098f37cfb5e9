// A mail server for tests, on a port of this machine: takes mails like a real one, or refuses them as it is told to.
//
// `node smtp.mjs [PORT]`, in the folder where `smtp-server` is installed. Says on standard output, one JSON line each: the port
// it listens on, and an answer to every line it is told on standard input:
//   {"refuse": {"step": "from" | "rcpt" | "data", "code": 450, "to": "…"}}   from now on, for addresses that contain `to`
//   {"refuse": {"step": "cut", "code": 0, "to": "…"}}   mails are taken, and the line is cut before that is said
//   {"refuse": {"step": "hold", "code": 0, "to": "…"}}  mails are taken, and that is never said
//   {"accept": true}                                    nothing is refused any more
//   {"wait": 3}                                         answered once so many mails are taken
//   {"list": true}                                      answered with every mail taken so far
// Whoever signs in as NAME has the password "password of NAME"; nobody has to.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { SMTPServer } = createRequire(`${process.cwd()}/package.json`)("smtp-server");

const taken = [];
let refusals = [];
let awaited = Number.POSITIVE_INFINITY;

const refusal = (step, to) => refusals.find((rule) => rule.step === step && to.includes(rule.to));

function answer(step, to, done) {
  const rule = refusal(step, to);
  if (rule === undefined) return done();
  done(Object.assign(new Error(`refused ${rule.code}`), { responseCode: rule.code }));
}

/** RFC 2047: `=?utf-8?b?…?=` and `=?utf-8?q?…?=`. */
function words(header) {
  const decode = (_, kind, text) =>
    kind.toLowerCase() === "b"
      ? Buffer.from(text, "base64").toString("utf8")
      : quotedPrintable(text.replaceAll("_", " "));
  return header.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, decode);
}

function quotedPrintable(text) {
  const bytes = text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function read(raw, { envelope, user }) {
  const end = raw.indexOf("\r\n\r\n");
  const headers = {};
  for (const line of raw.slice(0, end).replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = words(line.slice(colon + 1).trim());
  }
  const body = raw.slice(end + 4);
  const coding = (headers["content-transfer-encoding"] ?? "7bit").toLowerCase();
  const decoded =
    coding === "base64" ? Buffer.from(body, "base64").toString("utf8") : coding === "quoted-printable" ? quotedPrintable(body) : body;
  return {
    id: headers["message-id"],
    user: user ?? null,
    from: envelope.mailFrom.address,
    to: envelope.rcptTo.map((one) => one.address).join(","),
    subject: headers.subject,
    text: decoded.replaceAll("\r\n", "\n"),
    raw,
  };
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** Answers whoever waits, once there are as many mails as they wait for. */
function told() {
  if (taken.length < awaited) return;
  awaited = Number.POSITIVE_INFINITY;
  say({});
}

const server = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _, done) =>
    password === `password of ${username}` ? done(null, { user: username }) : done(new Error("another password")),
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
  logger: false,
  onMailFrom: (address, _, done) => answer("from", address.address, done),
  onRcptTo: (address, _, done) => answer("rcpt", address.address, done),
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const mail = read(Buffer.concat(parts).toString("latin1"), session);
      answer("data", mail.to, (error) => {
        if (error !== undefined) return done(error);
        taken.push(mail);
        told();
        if (refusal("hold", mail.to) !== undefined) return;
        if (refusal("cut", mail.to) === undefined) return done();
        for (const connection of server.connections) connection._socket.destroy();
      });
    });
  },
});
server.on("error", () => {});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => say({ port: server.server.address().port }));

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line);
    if (order.refuse) refusals.push(order.refuse);
    if (order.accept) refusals = [];
    if (order.wait) {
      awaited = order.wait;
      return told();
    }
    say(order.list ? { taken } : {});
  })
  // Whoever started it is gone.
  .on("close", () => process.exit(0));
