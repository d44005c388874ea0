export { sineTransformLines } from "./sine-transform";
export { solveModes } from "./modal-control";
