/** Tests of how certificates are come by. */
@NullMarked
package io.neurograft.proto.enrolment;

import org.jspecify.annotations.NullMarked;
