// SPDX-License-Identifier: GPL-2.0-or-later
// Made-up series for the tests: kinds of noise that histories have, each with variance about 1
// unless its name says otherwise, from a seeded generator.
#ifndef RESULTS_MADE_SERIES_H
#define RESULTS_MADE_SERIES_H

#include <stddef.h>

#include <gsl/gsl_rng.h>

enum made_noise {
	MADE_GAUSSIAN,
	MADE_AUTOCORRELATED, // first order, rho 0.5
	MADE_LOG_NORMAL, // exp of a standard Gaussian
	MADE_SPIKY, // 5 % of the values are 8 deviations higher
	MADE_SPIKY_BOTH_WAYS, // or lower
	MADE_BIMODAL, // two modes 6 deviations apart, each half of the time
	MADE_BIMODAL_RARE, // the upper mode one time in five
	MADE_HEAVY, // Student's t with 3 degrees of freedom
	MADE_ROUNDED, // Gaussian, to a clock tick of two thirds of a deviation
	MADE_WEAKLY_AUTOCORRELATED, // rho 0.2
	MADE_STRONGLY_AUTOCORRELATED, // rho 0.7
	MADE_AUTOCORRELATED_SPIKY, // rho 0.5, and 5 % are 8 deviations higher
	MADE_SPREADING, // the last fifth scatters three times as much
	MADE_VOLATILE, // GARCH(1, 1): calm times and wild ones
	MADE_NOISES,
};

const char *made_noise_name(enum made_noise noise);
// The figure of a process with these samples.
double made_figure(const double *ns, size_t count);

void made_series(enum made_noise noise, double *values, size_t count, gsl_rng *random);

#endif
