# SPDX-License-Identifier: GPL-2.0-or-later
# Computes again in R what results-statistics-cases computed, and says where both differ. Input: its output, on standard input.
# Exit status: 0 they agree, 1 they do not.

# Each takes the values of one or two sides and gives R's figures, in the order in which ours are printed.
kinds <- list(
  "signed-rank" = function(x, y) {
    test <- wilcox.test(x, conf.int = TRUE, exact = TRUE)
    c(test$estimate, test$conf.int)
  },
  "rank-sum" = function(x, y) {
    test <- wilcox.test(y, x, conf.int = TRUE, exact = TRUE)
    c(test$p.value, test$estimate, test$conf.int, test$statistic / (length(x) * length(y)))
  },
  "permutation" = function(x, y) {
    all <- c(x, y)
    differences <- combn(length(all), length(x), function(i) mean(all[-i]) - mean(all[i]))
    observed <- mean(y) - mean(x)
    slack <- 1e-9 * abs(observed)
    # Twice the smaller tail, because that is what an interval inverts; the same as both tails where the sides are equally large.
    p <- 2 * min(mean(differences >= observed - slack), mean(differences <= observed + slack))
    c(min(1, p), median(outer(y, x, "-")), mean(outer(y, x, ">")))
  },
  "sign-flip" = function(x, y) {
    signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(x))))
    mean(abs(signs %*% x) >= abs(sum(x)) * (1 - 1e-9))
  },
  "correction" = function(x, y) p.adjust(x, "BH"),
  "distribution" = function(x, y) c(psignrank(y[1], x[1]), pwilcox(y[2], x[2], x[3])),
  "trend" = function(x, y) {
    cor.test(seq_along(x), x, method = "kendall", exact = FALSE, continuity = TRUE)$p.value
  },
  "level" = function(x, y) c(mean(y) - mean(x), t.test(y, x)$conf.int)
)

numbers <- function(text) as.numeric(strsplit(text, ",", fixed = TRUE)[[1]])
input <- file("stdin", open = "r")
lines <- readLines(input)
close(input)
counts <- setNames(integer(length(kinds)), names(kinds))
worst <- setNames(numeric(length(kinds)), names(kinds))
for (line in lines) {
  fields <- strsplit(line, "|", fixed = TRUE)[[1]]
  expected <- as.numeric(kinds[[fields[1]]](numbers(fields[2]), numbers(fields[3])))
  found <- numbers(fields[4])
  stopifnot(length(expected) == length(found))
  counts[fields[1]] <- counts[fields[1]] + 1L
  worst[fields[1]] <- max(worst[fields[1]], abs(found - expected) / pmax(1e-3, abs(expected)))
}
for (kind in names(kinds))
  cat(sprintf("%-12s %3d cases, largest relative difference %.2g\n", kind, counts[kind], worst[kind]))
quit(status = if (all(counts > 0) && all(worst <= 1e-9)) 0 else 1)
