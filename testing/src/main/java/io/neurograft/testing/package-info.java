/**
 * Real servers for tests, started by the tests themselves: a PostgreSQL, an S3-compatible store.
 * Where one cannot run, the test is skipped and says why.
 */
@NullMarked
package io.neurograft.testing;

import org.jspecify.annotations.NullMarked;
