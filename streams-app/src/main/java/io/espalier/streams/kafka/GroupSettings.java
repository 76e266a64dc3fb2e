package io.espalier.streams.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;

/** What the streams group protocol keeps with the brokers, where the classic one asks the members. */
final class GroupSettings {
    private static final String STANDBY_REPLICAS = "streams.num.standby.replicas";
    /** What brokers take where nothing is set. */
    private static final String NONE = "0";

    private final Admin admin;
    private final AdminCalls calls;

    GroupSettings(Admin admin, AdminCalls calls) {
        this.admin = admin;
        this.calls = calls;
    }

    /** Sets it only where it differs: who leaves it alone needs no right to change it. */
    void setStandbyReplicas(String group, int replicas) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        ConfigEntry present = calls.get(
                        admin.describeConfigs(
                                        List.of(resource),
                                        new DescribeConfigsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                                .all(),
                        "settings of group " + group + " cannot be read")
                .get(resource)
                .get(STANDBY_REPLICAS);
        String needed = Integer.toString(replicas);
        String set = present == null ? NONE : present.value();
        if (needed.equals(set)) {
            return;
        }
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(STANDBY_REPLICAS, needed), OpType.SET);
        calls.get(
                admin.incrementalAlterConfigs(
                                Map.of(resource, List.of(change)),
                                new AlterConfigsOptions().timeoutMs(AdminCalls.TIMEOUT_MS))
                        .all(),
                "espalier.standby-replicas=" + replicas + " cannot be set as " + STANDBY_REPLICAS + " of group "
                        + group);
    }
}
