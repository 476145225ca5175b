// Shows the tile at `place` of a sheet, in shares of the tile, which a narrow screen makes smaller.
function cutSprite(picture, { url, columns, rows, width, height }, place) {
  picture.style.aspectRatio = `${width} / ${height}`;
  picture.style.backgroundImage = `url("${url}")`;
  picture.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
  picture.style.backgroundPosition =
    `${shareOf(place % columns, columns)}% ${shareOf(Math.floor(place / columns), rows)}%`;
}

// Where CSS has to put a sheet so that its tile `i` of `count` is seen.
function shareOf(i, count) {
  return count > 1 ? (100 * i) / (count - 1) : 0;
}
