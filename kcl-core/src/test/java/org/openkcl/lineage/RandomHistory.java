package org.openkcl.lineage;

import java.util.random.RandomGenerator;

/** Draws streams that split and merge at random. */
final class RandomHistory {
  private RandomHistory() {}

  /** A history in which no two reshardings of one shard happen in the same column. */
  static History draw(RandomGenerator random, int rows, int columns) {
    String[][] grid = new String[rows][columns];
    int[] next = {0};
    for (int row = 0; row < rows; ) {
      int end = row + 1 + random.nextInt(rows - row);
      fill(grid, row, end, 0, name(next));
      row = end;
    }
    for (int column = 1; column < columns; column++) {
      for (int row = 0; row < rows; ) {
        row = reshard(random, grid, row, column, next);
      }
    }
    return new History(grid);
  }

  /** Decides what becomes of the shard at a row, and returns the row after what was decided. */
  private static int reshard(
      RandomGenerator random, String[][] grid, int row, int column, int[] next) {
    int end = endOf(grid, row, column - 1);
    int choice = random.nextInt(10);
    if (choice == 0 && end - row > 1) {
      int middle = row + 1 + random.nextInt(end - row - 1);
      fill(grid, row, middle, column, name(next));
      fill(grid, middle, end, column, name(next));
      return end;
    }
    if (choice == 1 && end < grid.length) {
      int otherEnd = endOf(grid, end, column - 1);
      fill(grid, row, otherEnd, column, name(next));
      return otherEnd;
    }
    fill(grid, row, end, column, grid[row][column - 1]);
    return end;
  }

  private static int endOf(String[][] grid, int row, int column) {
    int end = row;
    while (end < grid.length && grid[end][column].equals(grid[row][column])) {
      end++;
    }
    return end;
  }

  private static void fill(String[][] grid, int from, int to, int column, String name) {
    for (int row = from; row < to; row++) {
      grid[row][column] = name;
    }
  }

  private static String name(int[] next) {
    return "S" + next[0]++;
  }
}
