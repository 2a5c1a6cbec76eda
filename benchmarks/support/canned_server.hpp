// SPDX-License-Identifier: BSL-1.0
#pragma once

/// A server in a process of its own that gives everybody the same answer: raw epoll, so that it
/// costs as little as a server can. Loopback only.

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <unordered_map>

namespace bench {

[[noreturn]] inline void fail(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// The server's side: reads requests as far as it must, writes the answer. TLS if it has a context.
class CannedServerLoop {
public:
    CannedServerLoop(int listener, SSL_CTX* tls, std::string_view answer)
        : listener_(listener), epoll_(::epoll_create1(0)), tls_(tls), answer_(answer) {
        watch(listener_);
    }

    [[noreturn]] void run() {
        for (;;) {
            epoll_event events[64];
            int const n = ::epoll_wait(epoll_, events, 64, -1);
            for (int i = 0; i < n; ++i)
                if (events[i].data.fd == listener_)
                    accept();
                else if (!serve(events[i].data.fd))
                    drop(events[i].data.fd);
        }
    }

private:
    struct Connection {
        std::string in;
        SSL* tls = nullptr;
    };

    void watch(int fd) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }

    void accept() {
        int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
        if (fd < 0)
            return;
        int const yes = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        auto& connection = connections_[fd];
        if (tls_) {
            connection.tls = SSL_new(tls_);
            SSL_set_fd(connection.tls, fd);
            SSL_set_accept_state(connection.tls);
        }
        watch(fd);
    }

    void drop(int fd) {
        SSL_free(connections_[fd].tls);
        connections_.erase(fd);
        ::close(fd);
    }

    /// What there is to read; 0 for "not now", below 0 for the end.
    static long read(int fd, Connection& connection, char* into, std::size_t size) {
        if (!connection.tls) {
            auto const n = ::recv(fd, into, size, 0);
            if (n < 0)
                return errno == EAGAIN ? 0 : -1;
            return n == 0 ? -1 : n;
        }
        int const n = SSL_read(connection.tls, into, static_cast<int>(size));
        if (n > 0)
            return n;
        int const why = SSL_get_error(connection.tls, n);
        return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
    }

    bool serve(int fd) {
        auto& connection = connections_[fd];
        char buffer[16 * 1024];
        for (;;) {
            long const n = read(fd, connection, buffer, sizeof buffer);
            if (n < 0)
                return false;
            connection.in.append(buffer, static_cast<std::size_t>(n));
            while (std::size_t const size = request_size(connection.in)) {
                connection.in.erase(0, size);
                if (!answer(fd, connection))
                    return false;
            }
            if (n == 0 || !connection.tls)
                return true;
        }
    }

    /// The answer always fits into the socket's buffer.
    bool answer(int fd, Connection& connection) const {
        auto const size = answer_.size();
        if (connection.tls)
            return SSL_write(connection.tls, answer_.data(), static_cast<int>(size)) > 0;
        return ::send(fd, answer_.data(), size, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
    }

    /// The length of the request at the head, 0 while it isn't whole.
    static std::size_t request_size(std::string_view in) {
        constexpr std::string_view name = "\r\nContent-Length: ";
        auto const end = in.find("\r\n\r\n");
        auto const at = in.find(name);
        if (end == in.npos || at == in.npos || at > end)
            return 0;
        std::size_t body = 0;
        std::from_chars(in.data() + at + name.size(), in.data() + end, body);
        return end + 4 + body <= in.size() ? end + 4 + body : 0;
    }

    int listener_, epoll_;
    SSL_CTX* tls_;
    std::string_view answer_;
    std::unordered_map<int, Connection> connections_;
};

/// Forks when it is made, which has to be before any thread is; ends its process when it dies.
class CannedServer {
public:
    CannedServer(std::string_view answer, SSL_CTX* tls) {
        int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const at = reinterpret_cast<sockaddr*>(&address);
        if (listener < 0 || ::bind(listener, at, size) != 0 || ::listen(listener, 512) != 0 ||
            ::getsockname(listener, at, &size) != 0)
            fail("listen");
        port_ = ntohs(address.sin_port);
        process_ = ::fork();
        if (process_ < 0)
            fail("fork");
        if (process_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            std::signal(SIGPIPE, SIG_IGN);
            CannedServerLoop(listener, tls, answer).run();
        }
        ::close(listener);
    }

    CannedServer(CannedServer const&) = delete;
    CannedServer& operator=(CannedServer const&) = delete;

    ~CannedServer() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    std::uint16_t port() const noexcept { return port_; }

    pid_t process() const noexcept { return process_; }

private:
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
};

} // namespace bench
