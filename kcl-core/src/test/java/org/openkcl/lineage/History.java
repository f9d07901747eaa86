package org.openkcl.lineage;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openkcl.leases.HashKeyRange;
import org.openkcl.processor.ChildShard;

/**
 * The life of a stream as a grid: a row is a slice of the hash keys, a column is a moment, a cell
 * names the shard that took that slice's records at that moment. Drawn with one letter per shard:
 *
 * <pre>
 *   AABBDD     A was split into B and C, which were merged into D;
 *   AACCDD     E never changed. B, C and D are not drawn in lower case: their
 *   EEEEEE     records are kept. Shards in lower case are not listed any more.
 * </pre>
 */
final class History {
  private final String[][] grid; // [row][column]

  History(String[][] grid) {
    this.grid = grid;
  }

  static History drawn(String picture) {
    String[][] grid = picture
        .strip()
        .lines()
        .map(line -> line.strip().chars().mapToObj(c -> "" + (char) c).toArray(String[]::new))
        .toArray(String[][]::new);
    return new History(grid);
  }

  int rows() {
    return grid.length;
  }

  int columns() {
    return grid[0].length;
  }

  String shardAt(int row, int column) {
    return grid[row][column];
  }

  /** The history as far as it was known at the end of a column. */
  History until(int column) {
    String[][] part = new String[rows()][];
    for (int row = 0; row < rows(); row++) {
      part[row] = Arrays.copyOf(grid[row], column + 1);
    }
    return new History(part);
  }

  /** All shards that are listed. */
  List<Shard> listing() {
    Set<String> ids = new LinkedHashSet<>();
    for (int column = 0; column < columns(); column++) {
      ids.addAll(shardsAt(column));
    }
    ids.removeIf(id -> !isListed(id));
    return ids.stream().map(this::shard).toList();
  }

  /** The shards that were open in a column and are listed. */
  List<Shard> openAt(int column) {
    return shardsAt(column).stream().filter(History::isListed).map(this::shard).toList();
  }

  /** The first column of which every shard is listed. */
  int trimHorizon() {
    int column = 0;
    while (!shardsAt(column).stream().allMatch(History::isListed)) {
      column++;
    }
    return column;
  }

  /** The children of a shard as its last reply names them; none while it is open. */
  List<ChildShard> childrenOf(String shardId) {
    return listing().stream()
        .filter(shard -> shard.parentShardIds().contains(shardId))
        .map(shard -> new ChildShard(
            shard.shardId(),
            List.copyOf(shard.parentShardIds()),
            new ChildShard.HashKeyRange(
                shard.hashKeyRange().starting().toString(),
                shard.hashKeyRange().ending().toString())))
        .toList();
  }

  Shard shard(String shardId) {
    List<int[]> cells = cellsOf(shardId);
    int first = cells.stream().mapToInt(cell -> cell[1]).min().orElseThrow();
    int last = cells.stream().mapToInt(cell -> cell[1]).max().orElseThrow();
    int top = cells.stream().mapToInt(cell -> cell[0]).min().orElseThrow();
    int bottom = cells.stream().mapToInt(cell -> cell[0]).max().orElseThrow();
    Set<String> parents = new TreeSet<>();
    for (int row = top; row <= bottom && first > 0; row++) {
      parents.add(grid[row][first - 1]);
    }
    return new Shard(
        shardId,
        parents,
        new HashKeyRange(bound(top), bound(bottom + 1).subtract(BigInteger.ONE)),
        Integer.toString(first * 1000),
        last == columns() - 1 ? null : Integer.toString(last * 1000 + 999));
  }

  /** The cells of a shard as row and column, earlier columns first. */
  List<int[]> cellsOf(String shardId) {
    List<int[]> cells = new ArrayList<>();
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        if (grid[row][column].equals(shardId)) {
          cells.add(new int[] {row, column});
        }
      }
    }
    cells.sort(Comparator.comparingInt(cell -> cell[1]));
    return cells;
  }

  private Set<String> shardsAt(int column) {
    Set<String> ids = new LinkedHashSet<>();
    for (String[] row : grid) {
      ids.add(row[column]);
    }
    return ids;
  }

  private BigInteger bound(int row) {
    return BigInteger.TWO
        .pow(128)
        .multiply(BigInteger.valueOf(row))
        .divide(BigInteger.valueOf(rows()));
  }

  private static boolean isListed(String shardId) {
    return !Character.isLowerCase(shardId.charAt(0));
  }

  @Override
  public String toString() {
    StringBuilder picture = new StringBuilder();
    for (String[] row : grid) {
      picture.append(String.join(" ", row)).append('\n');
    }
    return picture.toString();
  }
}
