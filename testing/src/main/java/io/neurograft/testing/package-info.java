/**
 * What tests share: real servers, started by the tests themselves, a PostgreSQL and an
 * S3-compatible store (where one cannot run, the test is skipped and says why), the frame of fuzz
 * tests, and how to wait and to read the log.
 */
@NullMarked
package io.neurograft.testing;

import org.jspecify.annotations.NullMarked;
