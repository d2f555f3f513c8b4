/** What a site configures: {@link io.neurograft.client.config.NodeConfig}, one YAML file. */
@NullMarked
package io.neurograft.client.config;

import org.jspecify.annotations.NullMarked;
