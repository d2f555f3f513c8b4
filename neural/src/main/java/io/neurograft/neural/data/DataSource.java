package io.neurograft.neural.data;

/** A place that examples come from, known by its URI; nothing is read before it is opened. */
sealed interface DataSource permits Glyphs, MnistFolder, CifarFolder, ImageFolder, CsvTable {
  /**
   * Reads the examples of one split into memory.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if a file is missing or not as
   *     expected; the message names the file, the place in it and what was expected there
   */
  Dataset open(Split split);
}
