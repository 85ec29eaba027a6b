// Runs before the first paint, so that a saved theme does not flash. Without one the stylesheet follows the system.
try {
  const saved = localStorage.getItem("podreach.theme");
  if (saved === "light" || saved === "dark") document.documentElement.dataset.theme = saved;
} catch {
  // No storage in this browser mode: the system's theme it is.
}
