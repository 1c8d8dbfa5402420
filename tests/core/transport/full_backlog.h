#pragma once

#include <QTcpServer>
#include <QTcpSocket>

#include <array>

namespace enroll::test {

/// A port whose queue of connections is full: a further connection attempt gets no answer.
class FullBacklog {
public:
    FullBacklog()
    {
        m_server.setListenBacklogSize(0);
        m_server.listen(QHostAddress::LocalHost);
        m_server.pauseAccepting();
        for (auto& filler : m_fillers) {
            filler.connectToHost(QHostAddress::LocalHost, port());
            filler.waitForConnected(50);
        }
    }
    [[nodiscard]] std::uint16_t port() const { return m_server.serverPort(); }

private:
    QTcpServer m_server;
    std::array<QTcpSocket, 3> m_fillers;
};

} // namespace enroll::test
