/** How a site or an operator comes by a certificate, and by the next one. */
@NullMarked
package io.neurograft.proto.enrolment;

import org.jspecify.annotations.NullMarked;
