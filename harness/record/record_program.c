// SPDX-License-Identifier: GPL-2.0-or-later
// A program to be recorded, whose calls are known: four threads, each of which frees what the one
// before made; then one resize, one aligned object, one that is left, and a child process. With an argument it calls nothing.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, OBJECTS = 1000 };

static void *objects[THREADS][OBJECTS];

static void *work(void *argument)
{
	size_t number = (size_t)argument;

	for (size_t i = 0; i < OBJECTS; i++)
		objects[number][i] = malloc(1000 + i % 7);
	for (size_t i = 0; number > 0 && i < OBJECTS; i++)
		free(objects[number - 1][i]);
	return NULL;
}

int main(int argument_count, char **arguments)
{
	char *volatile left; // or a compiler would leave the call out
	void *object;
	char *text;

	(void)arguments;
	if (argument_count > 1)
		_exit(0);
	text = malloc(100);
	for (size_t i = 0; i < THREADS; i++) {
		pthread_t thread;

		pthread_create(&thread, NULL, work, (void *)i);
		pthread_join(thread, NULL);
	}
	strcpy(text, "kept");
	text = realloc(text, 100000);
	free(text);
	if (posix_memalign(&object, 4096, 12345) == 0)
		free(object);
	left = calloc(77, 3);
	(void)left;
	if (fork() == 0) {
		free(malloc(54321));
		_exit(0);
	}
	wait(NULL);
	return 5;
}
