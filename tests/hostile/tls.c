/* One TLS connection with a certificate that nobody vouches for. */
#include "tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct tls_server {
    pthread_t thread;
    int listener;
    unsigned port;
    char url[64];
    SSL_CTX *context;
    struct tls_trace trace;
};

/* For the right address, now and for an hour: only its signer is wrong. */
static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *x = X509_new();
    X509_NAME *name = X509_get_subject_name(x);
    X509_EXTENSION *address = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    bool made = X509_set_version(x, 2) && ASN1_INTEGER_set(X509_get_serialNumber(x), 1)
        && X509_gmtime_adj(X509_getm_notBefore(x), -60) != NULL
        && X509_gmtime_adj(X509_getm_notAfter(x), 3600) != NULL
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1",
                                      -1, -1, 0)
        && X509_set_issuer_name(x, name) && X509_set_pubkey(x, key) && address != NULL
        && X509_add_ext(x, address, -1) && X509_sign(x, key, EVP_sha256()) > 0;
    X509_EXTENSION_free(address);
    if (!made) {
        X509_free(x);
        return NULL;
    }
    return x;
}

static SSL_CTX *make_context(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key);
    bool made = certificate != NULL && SSL_CTX_use_certificate(context, certificate) == 1
        && SSL_CTX_use_PrivateKey(context, key) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (!made) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

static void *serve(void *arg)
{
    struct tls_server *s = arg;
    char text[4096];
    int fd = accept(s->listener, NULL, NULL);
    SSL *ssl = SSL_new(s->context);
    if (fd >= 0 && SSL_set_fd(ssl, fd) == 1) {
        s->trace.shaken = SSL_accept(ssl) == 1;
        if (s->trace.shaken) {
            int n = SSL_read(ssl, text, sizeof text);
            s->trace.request_bytes = n > 0 ? (size_t)n : 0;
        }
        s->trace.refused_by_peer = ERR_GET_REASON(ERR_peek_last_error())
            == SSL_R_TLSV1_ALERT_UNKNOWN_CA;
    }
    SSL_free(ssl);
    if (fd >= 0)
        close(fd);
    return NULL;
}

static bool listen_anywhere(struct tls_server *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, n) != 0
        || listen(s->listener, 1) != 0
        || getsockname(s->listener, (struct sockaddr *)&at, &n) != 0) {
        return false;
    }
    s->port = ntohs(at.sin_port);
    snprintf(s->url, sizeof s->url, "https://127.0.0.1:%u/", s->port);
    return true;
}

struct tls_server *tls_open(void)
{
    struct tls_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    s->context = make_context();
    if (listen_anywhere(s) && s->context != NULL
        && pthread_create(&s->thread, NULL, serve, s) == 0) {
        return s;
    }
    SSL_CTX_free(s->context);
    close(s->listener);
    free(s);
    return NULL;
}

const char *tls_url(const struct tls_server *s)
{
    return s->url;
}

unsigned tls_port(const struct tls_server *s)
{
    return s->port;
}

bool tls_vouch(const struct tls_server *s, const char *path)
{
    FILE *f = fopen(path, "w");
    bool written = f != NULL && PEM_write_X509(f, SSL_CTX_get0_certificate(s->context)) == 1;
    return f != NULL && fclose(f) == 0 && written;
}

struct tls_trace tls_close(struct tls_server *s)
{
    pthread_join(s->thread, NULL);
    struct tls_trace trace = s->trace;
    SSL_CTX_free(s->context);
    close(s->listener);
    free(s);
    return trace;
}
