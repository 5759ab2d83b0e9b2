package io.naru.coordinator.api;

import io.naru.cluster.TopicId;
import io.naru.cluster.protocol.TopicCommand;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.decider.Commands;
import io.naru.coordinator.decider.Committed;
import java.time.Duration;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Brokers ask for topics to be made, changed and ended, on behalf of users. */
@RestController
@RequestMapping("/internal/topics")
public final class TopicsController {
    private final Commands commands;
    private final Duration limit;

    /** @param limit longest wait for the quorum's confirmation */
    public TopicsController(Commands commands, Duration limit) {
        this.commands = commands;
        this.limit = limit;
    }

    /** Makes a topic. */
    @PostMapping
    TopicCommand.Done create(@RequestBody TopicCommand.Create wish) {
        return done(new Command.CreateTopic(wish));
    }

    /** Changes a topic's configs, or raises its partition count. */
    @PostMapping("/{name}/alteration")
    TopicCommand.Done alter(@PathVariable String name, @RequestBody TopicCommand.Alter wish) {
        return done(new Command.AlterTopic(name, wish));
    }

    /** Ends a topic and everything in it. */
    @PostMapping("/{name}/deletion")
    TopicCommand.Done delete(@PathVariable String name, @RequestBody TopicCommand.Delete wish) {
        return done(new Command.DeleteTopic(name, wish));
    }

    private TopicCommand.Done done(Command<TopicId> command) {
        Committed<TopicId> committed = commands.execute(command, limit);
        return new TopicCommand.Done(committed.response(), committed.version());
    }
}
