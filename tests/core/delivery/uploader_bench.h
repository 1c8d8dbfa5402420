#pragma once

#include "core/delivery/uploader.h"
#include "tests/core/delivery/scripted_destination.h"
#include "tests/support/memory_outbox.h"
#include "tests/support/numbered_record.h"
#include "tests/support/virtual_waiting.h"

namespace enroll::test {

class RecordingSink final : public delivery::UploadProgressSink {
public:
    void progress(const delivery::UploadProgress& progress) override { seen.push_back(progress); }
    std::vector<delivery::UploadProgress> seen;
};

/// An uploader between an outbox in memory and a destination that follows a script, in a time that does not pass.
class UploaderBench {
protected:
    void beginAnew()
    {
        m_outbox = std::make_unique<MemoryOutbox>();
        m_destination = std::make_unique<ScriptedDestination>();
        m_sink = std::make_unique<RecordingSink>();
        m_waiting = std::make_unique<VirtualWaiting>();
        m_stop = std::make_unique<std::stop_source>();
        m_options = {};
        m_options.backOff.jitter = 0.0;
    }
    delivery::UploadReport drain()
    {
        return delivery::Uploader{*m_outbox, *m_destination, m_options, *m_sink, *m_waiting}.drain(m_stop->get_token());
    }
    void fill(int count)
    {
        for (int i = 1; i <= count; ++i) {
            m_outbox->add(recordNumber(i));
        }
    }

    std::unique_ptr<MemoryOutbox> m_outbox;
    std::unique_ptr<ScriptedDestination> m_destination;
    std::unique_ptr<RecordingSink> m_sink;
    std::unique_ptr<VirtualWaiting> m_waiting;
    std::unique_ptr<std::stop_source> m_stop;
    delivery::UploadOptions m_options;
};

} // namespace enroll::test
