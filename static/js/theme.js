/* Before first paint: follows the system's theme when the person chose « système ». The choice itself is a cookie. */
(function () {
  var root = document.documentElement;
  if (root.dataset.frScheme !== "system") return;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() { root.dataset.frTheme = dark.matches ? "dark" : "light"; }
  apply();
  dark.addEventListener("change", apply);
})();
