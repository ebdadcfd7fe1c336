/* Names itself in messages only. */
#define JVERSION "6b"
#define JCOPYRIGHT "Copyright (C) 2009-2023 D. R. Commander and others"
#define JCOPYRIGHT_SHORT JCOPYRIGHT
