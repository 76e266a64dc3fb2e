/**
 * The Open Inference Protocol v2 over HTTP and JSON, as KServe and Triton speak it
 * (https://github.com/kserve/open-inference-protocol).
 */
package io.espalier.sidecar.http;
