package io.espalier.streams.store;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;

/**
 * Runs a task as a node of the topology and outside of any record, as a timer would be run: while a task commits, no node
 * is the current one, and nothing could be forwarded. Kafka's own caches forward what they flush in the same way.
 *
 * @param context of the task that commits
 * @param node as which it is run
 */
record CommitTask(InternalProcessorContext<?, ?> context, ProcessorNode<?, ?, ?, ?> node, Runnable task)
        implements Runnable {
    @Override
    public void run() {
        ProcessorNode<?, ?, ?, ?> nodeBefore = context.currentNode();
        ProcessorRecordContext recordBefore = context.recordContext();
        context.setCurrentNode(node);
        context.setRecordContext(
                new ProcessorRecordContext(context.currentSystemTimeMs(), -1L, -1, null, new RecordHeaders()));
        try {
            task.run();
        } finally {
            context.setCurrentNode(nodeBefore);
            context.setRecordContext(recordBefore);
        }
    }
}
