// The demonstration: which phone is shown on a narrow screen, and where something has just come in.

const tabs = [...document.querySelectorAll('[role="tab"]')];
const phones = new Map([...document.querySelectorAll(".phone")].map((one) => [one.dataset.seat, one]));
const badges = new Map(tabs.map((one) => [one.dataset.seat, one.querySelector(".badge")]));
const counts = new Map();
const narrow = window.matchMedia("(max-width: 859px)");

function show(seat) {
  for (const tab of tabs) {
    const isShown = tab.dataset.seat === seat;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
  }
  for (const [name, phone] of phones) phone.classList.toggle("shown", name === seat);
  count(seat, 0);
}

function count(seat, number) {
  counts.set(seat, number);
  badges.get(seat).hidden = !number;
  badges.get(seat).textContent = number;
}

/** Tabs only where the phones lie on top of each other; side by side they are plain figures. */
function fitRoles() {
  for (const [seat, phone] of phones) {
    if (narrow.matches) phone.setAttribute("role", "tabpanel");
    else phone.removeAttribute("role");
    phone.setAttribute("aria-labelledby", narrow.matches ? `tab-${seat}` : `who-${seat}`);
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", () => {
    show(tab.dataset.seat);
    if (narrow.matches) document.querySelector(".stage").scrollIntoView({ behavior: "smooth" });
  });
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    show(next.dataset.seat);
    next.focus();
  });
}

window.addEventListener("message", ({ origin, data }) => {
  const phone = origin === location.origin && data?.fieldhand === "news" ? phones.get(data.seat) : null;
  if (!phone) return;
  if (!phone.classList.contains("shown")) count(data.seat, (counts.get(data.seat) ?? 0) + data.count);
  phone.classList.add("news");
  setTimeout(() => phone.classList.remove("news"), 2200);
});

narrow.addEventListener("change", fitRoles);
fitRoles();
