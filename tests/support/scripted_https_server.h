#pragma once

#include <QByteArray>
#include <QTemporaryDir>
#include <QThread>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace enroll::test {

/// A request as the server received it, whole.
struct RecordedRequest {
    std::string method;
    std::string target;
    std::map<std::string, std::string> headers; ///< names in lower case
    QByteArray body;
    int connection = 0; ///< 1 for the first connection accepted
};

/// What the server does about a request it has received.
enum class Manner {
    Answer,         ///< sends the answer, keeps the connection
    AnswerAndClose, ///< sends the answer, then closes the connection
    DropBefore,     ///< closes the connection without a word
    DropInside,     ///< sends half of the body, then closes
    Stall,          ///< says nothing and keeps the connection
    EndlessHeaders, ///< sends the headers, then the last of them again and again
};

struct ScriptedAnswer {
    int status = 200;
    QByteArray body = "{}";
    std::vector<std::pair<QByteArray, QByteArray>> headers = {};
    Manner manner = Manner::Answer;
};

/// An HTTPS server on a free port of 127.0.0.1 that does as it is told and remembers what it was asked.
///
/// Answers come from a queue of functions, each used once; with the queue empty, from the last one set by
/// otherwise(). Runs on a thread of its own, so that a client may block on the test's.
class ScriptedHttpsServer {
public:
    using Step = std::function<ScriptedAnswer(const RecordedRequest&)>;

    /// \p alternativeNames of its certificate.
    explicit ScriptedHttpsServer(const std::string& alternativeNames = "IP:127.0.0.1");
    ~ScriptedHttpsServer();
    ScriptedHttpsServer(const ScriptedHttpsServer&) = delete;
    ScriptedHttpsServer& operator=(const ScriptedHttpsServer&) = delete;

    void then(Step step);
    void then(ScriptedAnswer answer);
    void otherwise(Step step);

    [[nodiscard]] std::string authority() const; ///< "127.0.0.1:40123"
    [[nodiscard]] std::string caFile() const;    ///< vouches for this server
    [[nodiscard]] std::vector<RecordedRequest> requests() const;
    [[nodiscard]] int connections() const; ///< finished TLS handshakes

private:
    class Worker;

    mutable std::mutex m_mutex;
    std::deque<Step> m_steps;
    Step m_otherwise;
    std::vector<RecordedRequest> m_requests;
    int m_connections = 0;

    QTemporaryDir m_directory;
    QThread m_thread;
    Worker* m_worker = nullptr; ///< owned by its thread
    quint16 m_port = 0;
};

/// The service's error form with its status: 404201 is a 404.
ScriptedAnswer refusal(int errorCode, const QByteArray& message = "refused");

} // namespace enroll::test
