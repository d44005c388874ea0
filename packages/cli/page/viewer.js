// Draws the fields of a report at the time of the slider. Reads the JSON block of the page and nothing else.
(() => {
  const data = JSON.parse(document.getElementById("fields-data").textContent);
  const slider = document.getElementById("time");
  const shown = document.getElementById("time-shown");
  const play = document.getElementById("play");
  const plane = document.getElementById("plane");
  const scale = document.getElementById("scale");
  const planes = data.planes;

  /** Quantised values of one field on one plane, step after step. */
  const decode = (text) => new Uint16Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
  for (const field of data.fields) field.values = field.planes.map(decode);

  const SCALES = {
    sequential: [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37]],
    diverging: [[0, 29, 97], [10, 74, 128], [58, 124, 160], [128, 171, 194], [200, 216, 224], [240, 236, 232], [231, 203, 188], [213, 159, 133], [186, 106, 73], [142, 50, 20], [89, 0, 8]],
  };
  const colour = (scale, share) => {
    const anchors = SCALES[scale];
    const position = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
    const k = Math.min(anchors.length - 2, Math.floor(position));
    return anchors[k].map((value, i) => Math.round(value + (position - k) * (anchors[k + 1][i] - value)));
  };

  /** Three digits. */
  const short = (value) => (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4) ? String(Number(value.toPrecision(3))) : value.toExponential(1));

  /** Quantised values of a field on a plane at a step. */
  function stepValues(field, step, which) {
    const size = planes[which].width * planes[which].height;
    return field.values[which].subarray(step * size, (step + 1) * size);
  }

  /** Lowest and highest quantised value of the scale: of all times, or of what is shown; fields of one group share it. */
  function rangeOf(field, step, which) {
    if (scale.value === "all") return [0, 65535];
    const group = data.fields.filter((other) => other.group === field.group);
    let [low, high] = [65535, 0];
    for (const other of group) for (const value of stepValues(other, step, which)) [low, high] = [Math.min(low, value), Math.max(high, value)];
    if (field.scale === "sequential" || data.dimension === 1) return low < high ? [low, high] : [low - 1, low + 1];
    const most = Math.max(high - 32767.5, 32767.5 - low, 1);
    return [32767.5 - most, 32767.5 + most];
  }

  function labelScale(field, [low, high]) {
    const value = (word) => field.low + ((field.high - field.low) * word) / 65535;
    const middle = field.scale === "diverging" ? 0 : value((low + high) / 2);
    [value(low), middle, value(high)].forEach((number, k) => (document.getElementById(`scale-${field.name}-${k}`).textContent = short(number)));
  }

  function drawMap(field, step, which) {
    const { width, height, aspect } = planes[which];
    const canvas = document.getElementById(`map-${field.name}`);
    canvas.width = width;
    canvas.height = height;
    canvas.style.aspectRatio = String(aspect);
    const [low, high] = rangeOf(field, step, which);
    labelScale(field, [low, high]);
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    const values = stepValues(field, step, which);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const value = (values[row * width + column] - low) / (high - low);
        const at = 4 * ((height - 1 - row) * width + column);
        image.data.set([...colour(field.scale, value), 255], at);
      }
    }
    context.putImageData(image, 0, 0);
  }

  function drawLegend(field) {
    const canvas = document.getElementById(`legend-${field.name}`);
    canvas.width = 256;
    canvas.height = 1;
    const context = canvas.getContext("2d");
    const image = context.createImageData(256, 1);
    for (let k = 0; k < 256; k++) image.data.set([...colour(field.scale, k / 255), 255], 4 * k);
    context.putImageData(image, 0, 0);
  }

  /** A curve over the rod in a plot of 400 × 220; the target is drawn on the axes of the state. */
  function drawLine(field, step) {
    const { width, margin } = planes[0];
    const [low, high] = rangeOf(field, step, 0);
    const height = (word) => 180 - (160 * (word - low)) / (high - low);
    const across = (k) => 70 + 320 * (margin + (1 - 2 * margin) * (width > 1 ? k / (width - 1) : 0));
    const points = Array.from(stepValues(field, step, 0), (word, k) => `${across(k).toFixed(1)},${height(word).toFixed(1)}`);
    document.getElementById(`line-${field.name}`).setAttribute("points", points.join(" "));
    if (field.name !== "target") labelAxis(field, [low, high], height((-65535 * field.low) / (field.high - field.low)));
  }

  function labelAxis(field, [low, high], zero) {
    const value = (word) => field.low + ((field.high - field.low) * word) / 65535;
    document.getElementById(`scale-${field.name}-0`).textContent = short(value(low));
    document.getElementById(`scale-${field.name}-2`).textContent = short(value(high));
    const mark = document.getElementById(`zero-${field.name}`);
    mark.setAttribute("visibility", zero > 15 && zero < 180 ? "visible" : "hidden");
    mark.setAttribute("transform", `translate(0 ${zero.toFixed(1)})`);
    mark.lastElementChild.textContent = zero > 38 && zero < 166 ? "0" : "";
  }

  function draw() {
    const step = Number(slider.value);
    const which = plane ? Number(plane.value) : 0;
    if (plane) document.getElementById("plane-shown").textContent = `plane ${plane.selectedOptions[0].textContent}`;
    shown.textContent = `t = ${data.times[step]} (step ${data.steps[step]})`;
    for (const field of data.fields) {
      if (data.dimension === 1) drawLine(field, step);
      else drawMap(field, step, which);
    }
  }

  let timer;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "Play";
  };
  play.addEventListener("click", () => {
    if (timer !== undefined) return stop();
    play.textContent = "Stop";
    timer = setInterval(() => {
      slider.value = String((Number(slider.value) + 1) % data.times.length);
      draw();
    }, 150);
  });
  slider.addEventListener("input", draw);
  for (const choice of [plane, scale]) if (choice) choice.addEventListener("change", draw);
  if (data.dimension > 1) data.fields.forEach(drawLegend);
  slider.max = String(data.times.length - 1);
  slider.value = String(Math.floor((data.times.length - 1) / 2));
  draw();
  document.documentElement.dataset.drawn = "yes";
})();
