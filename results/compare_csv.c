// SPDX-License-Identifier: GPL-2.0-or-later
// A comparison as CSV (RFC 4180): a head, one line a row, figures with all their digits. What is not known is empty.
#include "compare.h"

#include <math.h>
#include <string.h>

#include "csv.h"

static void print_row(FILE *output, const struct compare_row *row)
{
	csv_text(output, row->name);
	csv_next_text(output, row->base);
	csv_next_text(output, row->config);
	csv_next_real(output, row->base_ns);
	csv_next_real(output, row->config_ns);
	csv_next_real(output, row->ratio);
	csv_next_real(output, row->ratio_low);
	csv_next_real(output, row->ratio_high);
	csv_next_real(output, row->confidence);
	csv_next_real(output, row->p);
	csv_next_real(output, row->q);
	csv_next_real(output, row->superiority);
	fprintf(output, ",%zu,%zu", row->base_count, row->config_count);
	csv_next_text(output, verdict_name(row->verdict));
	csv_next_text(output, compare_direction(row));
	fputs(",\"", output);
	for (size_t i = 0; i < json_array_size(row->warnings); i++) {
		fputs(i > 0 ? "; " : "", output);
		csv_quoted(output, json_string_value(json_array_get(row->warnings, i)));
	}
	fputs("\"\r\n", output);
}

void compare_csv(const struct comparison *comparison, FILE *output)
{
	fputs("name,base,config,base_ns,config_ns,ratio,ratio_low,ratio_high,confidence,p,q,"
	      "superiority,n_a,n_b,verdict,direction,warnings\r\n",
		output);
	for (size_t i = 0; i < comparison->rows_count; i++)
		print_row(output, &comparison->rows[i]);
}
