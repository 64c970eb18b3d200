// SPDX-License-Identifier: GPL-2.0-or-later
// Entry: proportion_of(). The interval's ends are quantiles of beta distributions.
#include "proportion.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

static const double TAIL = 0.025;

struct proportion proportion_of(size_t count, size_t all)
{
	double k = (double)count;
	double n = (double)all;

	if (all == 0)
		return (struct proportion){NAN, 0, 1};
	return (struct proportion){
		.share = k / n,
		.low = count == 0 ? 0 : gsl_cdf_beta_Pinv(TAIL, k, n - k + 1),
		.high = count == all ? 1 : gsl_cdf_beta_Qinv(TAIL, k + 1, n - k),
	};
}
