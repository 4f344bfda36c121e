// What plain forms cannot do: tick all comments at once, and say how many are ticked.
const boxes = [...document.querySelectorAll("input[name=comment][type=checkbox]")];
const all = document.querySelector("#tick-all");

if (all) {
  all.closest("label").hidden = false;
  const update = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    document.querySelector("#ticked").value = ticked;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    update();
  });
  for (const box of boxes) box.addEventListener("change", update);
  update(); // a browser may remember what was ticked
}
