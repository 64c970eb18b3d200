// SPDX-License-Identifier: GPL-2.0-or-later
// An estimate that was shown because it is large. Entry: selected_estimate().
#include "selection.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

enum { BISECTIONS = 50 };

// Of all that are shown while the truth is `effect` (in standard errors), the share beyond z.
static double share_beyond(double z, double bound, double effect)
{
	return gsl_cdf_ugaussian_Q(z - effect) /
	       (gsl_cdf_ugaussian_Q(bound - effect) + gsl_cdf_ugaussian_Q(bound + effect));
}

double selected_estimate(double estimate, double standard_error, double alpha)
{
	double z = fabs(estimate) / standard_error;
	double bound = fmin(z, gsl_cdf_ugaussian_Qinv(alpha / 2));
	double low = 0;
	double high = z;

	for (int i = 0; i < BISECTIONS; i++) {
		double middle = (low + high) / 2;

		if (share_beyond(z, bound, middle) < 0.5)
			low = middle;
		else
			high = middle;
	}
	return copysign((low + high) / 2 * standard_error, estimate);
}
