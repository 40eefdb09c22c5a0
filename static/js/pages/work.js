// Work in place of a wait: a number with which SHA-256 of the key begins with so many zero bits. It is looked for in
// slices of time while the form is filled in, in plain JavaScript: crypto.subtle is missing over http.
const field = document.querySelector("[data-work]");
const told = document.getElementById("working");
const form = field.form;
const { work, bits } = field.dataset;
const constants = [], start = [];
for (let number = 2, found = 0; found < 64; number++) {
  let divisor = 2;
  while (number % divisor) divisor++;
  if (divisor < number) continue;
  if (found < 8) start.push(number ** 0.5 * 2 ** 32 | 0);
  constants.push(number ** (1 / 3) * 2 ** 32 | 0);
  found++;
}

// The first 32 bits of SHA-256 of a short text.
function beginning(text) {
  const words = new Int32Array(64);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - i % 4 * 8);
  words[text.length >> 2] |= 0x80 << (24 - text.length % 4 * 8);
  words[15] = text.length * 8;
  let [a, b, c, d, e, f, g, h] = start;
  for (let i = 0; i < 64; i++) {
    if (i > 15) {
      const x = words[i - 15], y = words[i - 2];
      words[i] = words[i - 16] + words[i - 7]
        + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
    }
    const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + constants[i] + words[i];
    const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c);
    h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
  }
  return start[0] + a >>> 0;
}

let next = 0, waits = false;
function look() {
  const end = performance.now() + 12;
  do {
    for (const last = next + 200; next < last; next++) {
      if (beginning(`${work}:${next}`) >>> (32 - bits) === 0) return done();
    }
  } while (performance.now() < end);
  setTimeout(look);
}
function done() {
  field.value = next;
  told.textContent = "";
  if (waits) form.submit();
}
form.addEventListener("submit", (event) => {
  if (field.value) return;
  event.preventDefault();
  waits = true;
  told.textContent = "One moment: your device is computing something, because many people are joining.";
});
if (!field.value) look();
