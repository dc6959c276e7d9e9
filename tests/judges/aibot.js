// A small bot on npm's @wecom/aibot-node-sdk: whoever writes to it sees what the SDK makes of our long connection.
const crypto = require("crypto");
const { WSClient } = require("@wecom/aibot-node-sdk");

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const [wsUrl, botId, secret] = process.argv.slice(2);
const bot = new WSClient({ botId, secret, wsUrl, logger: quiet });
const sender = (frame) => frame.body.from.userid;
const digest = (content) => crypto.createHash("sha256").update(content).digest("hex");
const card = (task, title, label) => ({
  card_type: "button_interaction",
  main_title: { title },
  button_list: [{ text: label, style: 1, key: "yes" }],
  task_id: task,
});
const says = (line) => console.log(line);

bot.on("authenticated", () => says("authenticated"));
bot.on("event.disconnected_event", () => says("displaced"));
bot.on("event.enter_chat", (frame) => bot.replyWelcome(frame, { msgtype: "text", text: { content: "welcome" } }));
bot.on("event.template_card_event", (frame) => {
  const { task_id: task } = frame.body.event.template_card_event;
  return bot.updateTemplateCard(frame, card(task, "changed", "done"));
});
bot.on("message.image", async (frame) => {
  const { buffer } = await bot.downloadFile(frame.body.image.url, frame.body.image.aeskey);
  await bot.replyStream(frame, "image", digest(buffer), true);
});
bot.on("message.text", async (frame) => {
  const words = frame.body.text.content;
  if (words === "card") {
    await bot.sendMessage(sender(frame), { msgtype: "template_card", template_card: card("judge-1", "press", "yes") });
  } else if (words === "file") {
    const { media_id: media } = await bot.uploadMedia(Buffer.alloc(700 * 1024, 7), { type: "file", filename: "judge.bin" });
    await bot.sendMediaMessage(sender(frame), "file", media);
  } else {
    await bot.replyStream(frame, "words", `heard ${words}`, true);
    await bot.sendMessage(sender(frame), { msgtype: "markdown", markdown: { content: "pushed" } });
  }
});
bot.on("error", (error) => says(`error ${error.message}`));
bot.connect();
