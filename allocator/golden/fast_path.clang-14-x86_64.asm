kmem_cache_alloc:
	test $0x100,%esi
	jne L1
	mov policy_is_set(%rip),%rax
	mov %fs:(%rax),%al
	and $0x1,%al
	test %al,%al
	jne L2
L4:
	mov cpu_sequences+0xc(%rip),%rcx
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rcx)
	mov %fs:0x4(%rcx),%edx
	cmp cpu_sequences+0x34(%rip),%edx
	jae L3
	imul cpu_sequences+0x2c(%rip),%rdx
	add cpu_sequences+0x24(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L3
	add 0x28(%rdi),%rdx
	mov (%rdx),%r8d
	sub $0x1,%r8d
	jb L3
	mov 0x10(%rdx,%r8,8),%rax
	movl $0x1,0xc(%rdx)
	mov %r8d,(%rdx)
	ret
L1:
	mov $0x1,%al
	test %al,%al
	je L4
L2:
	jmp cache_alloc_slow
	addq $0x1,cpu_sequences_lost(%rip)
L3:
	jmp cache_alloc_slow
kmem_cache_free:
	mov cpu_sequences+0xc(%rip),%rax
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%ecx
	cmp cpu_sequences+0x34(%rip),%ecx
	jae L1
	imul cpu_sequences+0x2c(%rip),%rcx
	add cpu_sequences+0x24(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	mov %rsi,%rdx
	sub 0x8(%rcx),%rdx
	cmp cpu_sequences+0x14(%rip),%rdx
	jae L1
	add 0x28(%rdi),%rcx
	mov (%rcx),%edx
	cmp 0x4(%rcx),%edx
	jae L1
	mov %rsi,0x10(%rcx,%rdx,8)
	add $0x1,%edx
	mov %edx,(%rcx)
	ret
	addq $0x1,cpu_sequences_lost(%rip)
L1:
	jmp cache_free_slow
kmalloc:
	lea -0x400001(%rdi),%rax
	cmp $0xffffffffffbfffff,%rax
	jbe L1
	test $0x11,%sil
	jne L2
	xor %eax,%eax
L8:
	lea -0x1(%rdi),%rcx
	cmp $0xc1,%rdi
	jb L3
	bsr %rcx,%rcx
	xor $0xffffffffffffffc0,%rcx
	add $0x41,%rcx
	jmp L4
L3:
	shr $0x3,%rcx
	lea .rodata(%rip),%rdx
	movzbl (%rcx,%rdx,1),%ecx
L4:
	imul $0xb8,%rax,%rax
	lea .bss(%rip),%rdx
	add %rax,%rdx
	mov (%rdx,%rcx,8),%r8
	test %r8,%r8
	je L1
	test $0x100,%esi
	jne L5
	mov policy_is_set(%rip),%rax
	mov %fs:(%rax),%al
	and $0x1,%al
	test %al,%al
	jne L6
L9:
	mov cpu_sequences+0xc(%rip),%rdx
	lea __rseq_cs(%rip),%rdi
	mov %rdi,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%edi
	cmp cpu_sequences+0x34(%rip),%edi
	jae L7
	imul cpu_sequences+0x2c(%rip),%rdi
	add cpu_sequences+0x24(%rip),%rdi
	cmpl $0x0,(%rdi)
	jne L7
	add 0x28(%r8),%rdi
	mov (%rdi),%ecx
	sub $0x1,%ecx
	jb L7
	mov 0x10(%rdi,%rcx,8),%rax
	movl $0x1,0xc(%rdi)
	mov %ecx,(%rdi)
	ret
L1:
	jmp out
L2:
	mov %esi,%eax
	and $0x1,%eax
	add $0x1,%rax
	jmp L8
L5:
	mov $0x1,%al
	test %al,%al
	je L9
L6:
	mov %r8,%rdi
	xor %edx,%edx
	jmp cache_alloc_slow
	addq $0x1,cpu_sequences_lost(%rip)
L7:
	jmp L6
kfree:
	mov %rdi,%rax
	mov %rdi,%rcx
	sub page_map(%rip),%rcx
	cmp page_map+0xc(%rip),%rcx
	jae L1
	mov page_map+0x1c(%rip),%rcx
	mov %rax,%rdx
	shr $0x6,%rdx
	and $0xffffffffffffffc0,%rdx
	mov 0x10(%rcx,%rdx,1),%rdi
	test %rdi,%rdi
	je L1
	mov %rax,%rsi
	sub 0x18(%rdx,%rcx,1),%rsi
	cmp 0x10(%rdi),%rsi
	jae L1
	mov 0x8(%rdi),%rcx
	imul %rcx,%rsi
	cmp %rcx,%rsi
	jae L1
	mov cpu_sequences+0xc(%rip),%rcx
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rcx)
	mov %fs:0x4(%rcx),%edx
	cmp cpu_sequences+0x34(%rip),%edx
	jae L2
	imul cpu_sequences+0x2c(%rip),%rdx
	add cpu_sequences+0x24(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L2
	mov %rax,%rsi
	sub 0x8(%rdx),%rsi
	cmp cpu_sequences+0x14(%rip),%rsi
	jae L2
	add 0x28(%rdi),%rdx
	mov (%rdx),%esi
	cmp 0x4(%rdx),%esi
	jae L2
	mov %rax,0x10(%rdx,%rsi,8)
	add $0x1,%esi
	mov %esi,(%rdx)
	jmp L3
	addq $0x1,cpu_sequences_lost(%rip)
L2:
	mov %rax,%rsi
	xor %edx,%edx
	jmp cache_free_slow
L1:
	cmp $0x11,%rax
	jae L4
L3:
	ret
L4:
	lea .L.str(%rip),%rsi
	mov %rax,%rdi
	jmp out
kmem_cache_alloc_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	push %r14
	push %r13
	push %r12
	push %rbx
	sub $0x18,%rsp
	mov %esi,-0x2c(%rbp)
	xor %r12d,%r12d
	cmp $0x7fffffff,%rdx
	ja L1
	mov %rdx,%r14
	test %rdx,%rdx
	je L2
	mov %rcx,%r15
	mov %rdi,%rbx
	lea 0x30(%rdi),%rax
	mov %rax,-0x40(%rbp)
	xor %r13d,%r13d
	mov %rcx,-0x38(%rbp)
	jmp L3
L9:
	mov %r9d,%eax
	add %rax,%r13
	mov -0x38(%rbp),%r15
	mov %r10,%rbx
L10:
	cmp %r14,%r13
	jae L2
L3:
	mov %r14,%r12
	sub %r13,%r12
	cmp $0x40,%r12
	mov $0x40,%eax
	cmovae %rax,%r12
	mov %rbx,%rdi
	call cache_is_quick
	testl $0x100,-0x2c(%rbp)
	jne L4
	test %al,%al
	je L4
	mov policy_is_set(%rip),%rax
	cmpb $0x0,%fs:(%rax)
	jne L4
	mov %rbx,%r10
	lea (%r15,%r13,8),%rsi
	xor %r9d,%r9d
	mov cpu_sequences+0xc(%rip),%r8
	mov %rsi,%r11
	mov %r12,%rcx
	mov -0x40(%rbp),%rdi
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%r8)
	mov %fs:0x4(%r8),%edx
	cmp cpu_sequences+0x34(%rip),%edx
	jae L5
	imul cpu_sequences+0x2c(%rip),%rdx
	add cpu_sequences+0x24(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L5
	add (%rdi),%rdx
	mov (%rdx),%ebx
	test %ebx,%ebx
	je L5
	cmp %ecx,%ebx
	cmovb %ebx,%ecx
	mov %ecx,%eax
	shr %eax
	jae L6
	movq 0x8(%rdx,%rbx,8),%xmm0
	movq %xmm0,(%r11)
	lea 0x8(%r11),%r11
	lea -0x1(%ebx),%ebx
	test %eax,%eax
L6:
	je L7
L8:
	movups (%rdx,%rbx,8),%xmm0
	pshufd $0x4e,%xmm0,%xmm0
	movups %xmm0,(%r11)
	add $0x10,%r11
	sub $0x2,%ebx
	sub $0x1,%eax
	jne L8
L7:
	movl $0x1,0xc(%rdx)
	mov %ebx,(%rdx)
	mov %ecx,%r9d
L5:
	test %r9d,%r9d
	jne L9
L12:
	mov %r10,%rbx
	mov %r10,%rdi
	mov %r12d,%edx
	call out
	mov %eax,%ecx
	add %rcx,%r13
	test %eax,%eax
	mov -0x38(%rbp),%r15
	jne L10
L4:
	mov %rbx,%rdi
	mov -0x2c(%rbp),%esi
	xor %edx,%edx
	call cache_alloc
	mov %rax,(%r15,%r13,8)
	test %rax,%rax
	je L11
	add $0x1,%r13
	jmp L10
	addq $0x1,cpu_sequences_lost(%rip)
	jmp L12
L2:
	mov %r14d,%r12d
L1:
	mov %r12d,%eax
	add $0x18,%rsp
	pop %rbx
	pop %r12
	pop %r13
	pop %r14
	pop %r15
	pop %rbp
	ret
L11:
	test %rbx,%rbx
	je L13
	mov %rbx,%rdi
	mov %r13,%rsi
	mov %r15,%rdx
	call out
	xor %r12d,%r12d
	jmp L1
L13:
	xor %r12d,%r12d
	test %r13,%r13
	je L1
	xor %r14d,%r14d
L14:
	mov (%r15,%r14,8),%rdi
	call kfree
	add $0x1,%r14
	cmp %r14,%r13
	jne L14
	jmp L1
kmem_cache_free_bulk:
	push %rbp
	mov %rsp,%rbp
	push %r15
	push %r14
	push %rbx
	push %rax
	mov %rdx,%r14
	mov %rsi,%r15
	test %rdi,%rdi
	je L1
	mov %r15,%rsi
	mov %r14,%rdx
	add $0x8,%rsp
	pop %rbx
	pop %r14
	pop %r15
	pop %rbp
	jmp out
L1:
	test %r15,%r15
	je L2
	xor %ebx,%ebx
L3:
	mov (%r14,%rbx,8),%rdi
	call kfree
	add $0x1,%rbx
	cmp %rbx,%r15
	jne L3
L2:
	add $0x8,%rsp
	pop %rbx
	pop %r14
	pop %r15
	pop %rbp
	ret
