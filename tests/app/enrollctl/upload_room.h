#pragma once

#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/scripted_https_server.h"

#include <QHash>
#include <QJsonObject>

#include <mutex>
#include <set>

namespace enroll::test {

QString idOf(int device);

/// A provisioning service that refuses as it is told, and otherwise holds what it is sent.
class RefusingService {
public:
    enum class Refuses { Nothing, EveryCall, EveryItem, Some };

    RefusingService();

    /// From now on; \p errorCode and \p message stand in its answers.
    void refuse(Refuses what, int errorCode, QByteArray message, std::set<QString> ids = {});
    void mend() { refuse(Refuses::Nothing, 0, {}); }
    /// Says nothing to the next request.
    void stallOnce() { m_server.then(ScriptedAnswer{.manner = Manner::Stall}); }

    [[nodiscard]] std::size_t held() const;
    /// How often it was asked to create what it holds.
    [[nodiscard]] int createdTwice() const;
    [[nodiscard]] const ScriptedHttpsServer& server() const { return m_server; }

private:
    ScriptedAnswer answer(const RecordedRequest& request);
    ScriptedAnswer create(const RecordedRequest& request);
    [[nodiscard]] ScriptedAnswer show(const RecordedRequest& request) const;

    mutable std::mutex m_mutex;
    Refuses m_refuses = Refuses::Nothing;
    int m_errorCode = 0;
    QByteArray m_message;
    std::set<QString> m_refusedIds;
    QHash<QString, QJsonObject> m_held;
    int m_createdTwice = 0;
    ScriptedHttpsServer m_server; // last: its thread uses the others
};

/// A station whose one destination, "cloud", is such a service, and `enrollctl` on its journal.
class UploadRoom {
protected:
    /// An empty journal, and a service that refuses nothing.
    void openRoom();
    /// Configures the service as a destination of this name alone.
    void nameDestination(const QByteArray& name) const;
    /// Commits a passing run of each device.
    void record(int from, int to) const;
    [[nodiscard]] CtlRun upload(const QStringList& more = {}) const { return m_ctl->run(uploadArguments(more)); }
    [[nodiscard]] CtlRun verify() const { return m_ctl->run({QStringLiteral("journal"), QStringLiteral("verify")}); }
    /// What the journal says was done last, and by whom.
    [[nodiscard]] QJsonObject lastAct() const;
    [[nodiscard]] static QStringList uploadArguments(const QStringList& more = {});
    /// Has the service reject \p devices, each for a reason of its own, beside one that it takes.
    void rejectedAre(std::initializer_list<int> devices);
    [[nodiscard]] std::filesystem::path data() const { return m_ctl->dataDirectory().toStdString(); }
    /// The document of chain entry \p seq.
    [[nodiscard]] QByteArray bodyOf(std::int64_t seq) const;

    std::unique_ptr<RefusingService> m_service;
    std::unique_ptr<EnrollctlProcess> m_ctl;
};

} // namespace enroll::test
