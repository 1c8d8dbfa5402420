#pragma once

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/delivery/uploader.h"
#include "db/dps/dps_destination.h"
#include "tests/db/dps/dps_samples.h"
#include "tests/support/memory_outbox.h"
#include "tests/support/must.h"
#include "tests/support/numbered_record.h"
#include "tests/support/scripted_https_server.h"
#include "tests/support/virtual_waiting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

namespace enroll::test {

using namespace enroll::db::dps;
using namespace enroll::delivery;
using enrollment::RecordState;

class SilentSink final : public UploadProgressSink {
public:
    void progress(const UploadProgress& /*progress*/) override {}
};

inline QStringList idsIn(const RecordedRequest& request)
{
    QStringList ids;
    for (const auto& item : QJsonDocument::fromJson(request.body)[QStringLiteral("enrollments")].toArray()) {
        ids.append(item.toObject().value(QStringLiteral("registrationId")).toString());
    }
    return ids;
}

using Lines = std::vector<std::string>;

/// The uploader, the destination and the client together, against a server that does as it is told.
class DpsUploadFixture {
protected:
    /// A new server that takes everything, and an empty outbox.
    void reset()
    {
        m_server = std::make_unique<ScriptedHttpsServer>();
        m_server->otherwise([](const auto&) { return ScriptedAnswer{.body = bulkDone()}; });
        m_outbox = std::make_unique<MemoryOutbox>();
        m_waiting = std::make_unique<VirtualWaiting>();
    }

    UploadReport drain(const std::stop_token& stop = {}) { return drainWith(m_server->caFile(), stop); }
    [[nodiscard]] DpsDestination destinationWith(const std::string& caFile, int perMinute = 1000)
    {
        auto access = must(crypto::parseConnectionString("HostName=" + m_server->authority() +
                                                         ";SharedAccessKeyName=p;SharedAccessKey=a2V5"));
        return {must(openDpsClient(std::move(access), caFile)), RateLimiter{perMinute}, *m_waiting};
    }
    UploadReport drainWith(const std::string& caFile, const std::stop_token& stop = {}, int perMinute = 1000)
    {
        auto destination = destinationWith(caFile, perMinute);
        UploadOptions options;
        options.backOff.jitter = 0.0;
        options.mode = DrainOnce{.mostFailuresInARow = 3};
        SilentSink sink;
        return Uploader{*m_outbox, destination, options, sink, *m_waiting}.drain(stop);
    }
    void fill(int count)
    {
        for (int i = 1; i <= count; ++i) {
            m_outbox->add(recordNumber(i));
        }
    }
    /// From now on the server takes everything, and holds nothing yet.
    void mend()
    {
        m_server->otherwise([](const RecordedRequest& request) {
            return request.method == "GET" ? refusal(404201) : ScriptedAnswer{.body = bulkDone()};
        });
    }
    /// The server's next answers: these enrollments, as they were sent.
    void holds(std::initializer_list<int> numbers)
    {
        for (const int number : numbers) {
            m_server->then({200, enrollmentBody(idNumber(number).text(), recordNumber(number).endorsementKey)});
        }
    }
    /// "POST 10" for a bulk of ten, "GET dev-001" for a read-back.
    [[nodiscard]] Lines log() const
    {
        Lines lines;
        for (const auto& request : m_server->requests()) {
            const auto name =
                request.target.substr(0, request.target.find('?')).substr(std::string{"/enrollments"}.size());
            lines.push_back(request.method == "POST" ? "POST " + std::to_string(idsIn(request).size())
                                                     : request.method + " " + name.substr(1));
        }
        return lines;
    }

    std::unique_ptr<ScriptedHttpsServer> m_server;
    std::unique_ptr<MemoryOutbox> m_outbox;
    std::unique_ptr<VirtualWaiting> m_waiting;
};

} // namespace enroll::test
