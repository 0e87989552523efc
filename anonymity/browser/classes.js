/** Classes and kinds of files (FORMAT.md sections 2 and 7). */

/** Plaintext sizes, ascending: a file is padded to the smallest that holds it. */
export const FILE_CLASSES = [65536, 262144, 1048576, 4194304, 16777216, 67108864];
export const LARGEST_FILE = 67108864;
export const MOST_FILES = 20;

const OFFICE = "application/vnd.openxmlformats-officedocument";
export const FILE_TYPES = [
  ...["image/jpeg", "image/png", "image/webp", "application/pdf", `${OFFICE}.wordprocessingml.document`, `${OFFICE}.spreadsheetml.sheet`],
  ...["application/vnd.oasis.opendocument.text", "text/plain", "audio/mpeg", "audio/mp4", "video/mp4"],
];
